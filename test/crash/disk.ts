import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * A disk that can lose its power: ext4 in a file in memory, mounted through a loop device. What the file system has handed to the
 * device is in the file; what is still in the page cache is not, as on a machine whose plug is pulled.
 */
export class Disk {
  readonly #image: string
  readonly #device: string
  /** Where it is mounted. */
  readonly folder: string

  private constructor(image: string, device: string, folder: string) {
    this.#image = image
    this.#device = device
    this.folder = folder
  }

  static create(image: string, folder: string): Disk {
    run('truncate', '-s', '1536M', image)
    // Everything is laid out now: nothing shall be written later but what is asked for.
    run('mkfs.ext4', '-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0', image)
    return Disk.mount(image, folder)
  }

  /** Mounting plays the journal back first, as a machine does when it comes up again. */
  static mount(image: string, folder: string): Disk {
    mkdirSync(folder, { recursive: true })
    const device = run('losetup', '--find', '--show', image)
    try {
      run('mount', '-t', 'ext4', device, folder)
    } finally {
      // From now on the device goes when nothing uses it any more, whoever unmounts it.
      run('losetup', '--detach', device)
    }
    return new Disk(image, device, folder)
  }

  /** Everything in the page cache goes to the disk. */
  sync(): void {
    run('sync', '--file-system', this.folder)
  }

  /**
   * Copies what the disk holds at one instant. Nobody may be writing; the file system's own timer may, and then the copy is made anew,
   * for half a write is nothing that a disk ever held.
   */
  async copy(to: string): Promise<void> {
    for (;;) {
      const before = this.#written()
      copyImage(this.#image, to)
      if (this.#written() === before) return
      await sleep(10)
    }
  }

  unmount(): void {
    run('umount', this.folder)
  }

  remove(): void {
    this.unmount()
    rmSync(this.#image)
  }

  /** Writes that the device has completed, and those under way. */
  #written(): string {
    const fields = readFileSync(`/sys/block/${basename(this.#device)}/stat`, 'utf8')
      .trim()
      .split(/\s+/)
    return `${fields[4]} ${fields[8]}`
  }
}

/** What was never written takes no memory in the copy either. */
export function copyImage(from: string, to: string): void {
  run('cp', '--sparse=auto', from, to)
}

function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

/**
 * Arguments for unshare(1): mounts, processes and loop devices of a run are its own and end with it, however it ends. The shell is the
 * first process of the new world and reaps what loses its parent.
 */
export const ownWorld = [
  '--mount',
  '--propagation',
  'private',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
  'sh',
  '-c',
  '"$0" "$@" & wait $!',
]

/** Why a power loss cannot be made here, or null when it can. */
export function whyNoPowerLoss(): string | null {
  if (process.getuid?.() !== 0) return 'mounting a disk needs root'
  if (!existsSync('/dev/loop-control')) return 'there are no loop devices'
  const trial = `set -e; mount -t tmpfs none /mnt; truncate -s 8M /mnt/i; mkfs.ext4 -q -F /mnt/i; mkdir /mnt/m; mount -o loop /mnt/i /mnt/m`
  const { status, stderr, error } = spawnSync('unshare', [...ownWorld.slice(0, -3), 'sh', '-c', trial], { encoding: 'utf8' })
  if (status === 0) return null
  return (stderr || error?.message || 'unshare failed').trim().split('\n').at(-1) ?? ''
}

/** Memory to keep disks in, at a folder of this world only. */
export function mountMemory(folder: string): (name: string) => string {
  run('mount', '-t', 'tmpfs', '-o', 'size=8g', 'none', folder)
  return (name) => join(folder, name)
}

/**
 * Passwords of twelve characters and more that everybody tries first: the heads of published lists of leaked ones, what keyboards
 * suggest, and what people make of our name. Compared without regard to case.
 */
const texts = `
123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 123456123456 123123123123 112233445566 111111111111
000000000000 121212121212 987654321098 098765432109 102030405060 123412341234 123321123321 aaaaaaaaaaaa abcdefghijkl abcdefghijklm
abcd1234abcd abcdef123456 abc123abc123 a1b2c3d4e5f6 a12345678901 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qaz2wsx3edc4rfv zaq12wsxcde3
qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwertyuiopasdf qwertyuiopasdfghjkl qwerty123456 qwerty1234567 qwerty12345678 qwertyqwerty
qwerty123qwerty qwertyuiop[] asdfghjkl123 asdfghjkl1234 asdfasdfasdf zxcvbnm12345 zxcvbnm123456 azertyuiop12 azertyuiop123 qwertzuiop12
qwertzuiop123 password1234 password12345 password123456 password1234567 password123! password1234! password2023 password2024
password2025 password2026 passwordpassword password123password passw0rd1234 p@ssw0rd1234 p@ssword1234 mypassword12 mypassword123
mypassword1234 thisismypassword thisisapassword newpassword1 newpassword12 newpassword123 yourpassword secretpassword supersecret1
administrator administrator1 administrator123 admin1234567 admin12345678 adminadmin12 adminadmin123 adminadminadmin adminpassword
rootpassword rootrootroot changeme1234 changemenow1 changemeplease changeme12345 letmeinletmein letmein12345 letmein123456
welcome12345 welcome123456 welcome2daybook welcomewelcome iloveyou1234 iloveyou12345 iloveyou123456 iloveyouforever iloveyousomuch
sunshine1234 princess1234 football1234 baseball1234 dragon123456 monkey123456 superman1234 starwars1234 michael12345 liverpool123
chocolate123 correcthorsebatterystaple correct-horse-battery-staple trustno1trustno1 companypassword
company12345 summer202020 summer2024!! summer2025!! summer2026!! winter2024!! winter2025!! winter2026!! spring2026!! autumn2026!!
december2025 december2026 november2026 january12345 monday123456 testtesttest test12345678 test123456789 testpassword testing12345
temporary123 temppassword temppassword1 defaultpassword demo12345678 demodemodemo daybookdaybook daybook12345 daybook123456
daybookpassword daybook-password owner@localhost ownerlocalhost
`

const common = new Set(texts.split(/\s+/).filter((text) => text !== ''))

export function isCommon(password: string): boolean {
  return common.has(password.toLowerCase()) || common.has(password.toLowerCase().replaceAll(' ', ''))
}

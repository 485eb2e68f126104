/** Given and family names common where a language is spoken; put together at random they mean nobody in particular. */
export const names = {
  en: {
    given: `Alice Amelia Aisha Andrew Anita Beth Brian Carla Chloe Daniel Denise Edward Ella Emma Ethan Fiona George Grace Hannah Harry Helen Imran Isaac Jack
      Jasmine Joan Joseph Karen Kevin Laura Leah Liam Lucy Marcus Maya Megan Nadia Nathan Nina Noah Olivia Oscar Owen Paul Priya Rachel Robert Rosa Ruth
      Samuel Sarah Simon Sophie Stella Theo Tom Victor Violet Wendy William Zoe`,
    family: `Adams Ahmed Allen Bailey Baker Barnes Bell Bennett Brooks Butler Carter Chapman Clarke Coleman Cooper Cox Davies Dixon Doyle Edwards Ellis Evans
      Fisher Fletcher Foster Gibson Graham Gray Green Hall Harris Hughes Hunt Jackson James Jenkins Kaur Kelly Khan King Lawson Lee Marshall Mason Mills
      Moore Morgan Murphy Nelson Osborne Palmer Parker Patel Payne Phillips Porter Price Reid Rogers Shaw Stone Turner Walker Ward Watson Webb West Young`,
  },
  de: {
    given: `Anja Anna Anton Astrid Ben Birgit Carsten Clara Claudia David Dilara Elif Emil Eva Felix Florian Frieda Georg Greta Hannes Heike Helga Ida Ingrid Jan
      Jonas Judith Julia Jürgen Karin Katrin Lars Lea Lena Leon Lukas Marie Markus Mehmet Mia Moritz Nele Nils Nora Oliver Paula Petra Ralf Sabine Sven
      Tanja Thomas Tim Ulrike Uwe Vera Wolfgang`,
    family: `Arnold Bauer Beck Becker Berger Böhm Brandt Braun Busch Demir Dietrich Engel Fischer Frank Franke Friedrich Fuchs Graf Groß Günther Haas Hahn Hartmann
      Heinrich Hoffmann Horn Huber Jäger Kaiser Kaya Keller Klein Koch Köhler König Kraus Krüger Kuhn Lang Lehmann Lorenz Maier Meyer Möller Neumann Otto
      Peters Pohl Richter Roth Sauer Schäfer Schmitt Schulz Schuster Seidel Simon Sommer Vogel Wagner Weber Winkler Wolf Yılmaz Ziegler`,
  },
  fr: {
    given: `Adrien Agathe Alain Amélie Antoine Arthur Aurélie Baptiste Béatrice Camille Caroline Cécile Chloé Claire Clément Damien Éloïse Émile Fatima Florence Gaëlle
      Hélène Hugo Inès Jeanne Jules Karim Laure Léa Louis Lucie Manon Marc Margaux Mathieu Mehdi Nadège Nicolas Noémie Océane Pascal Pauline Quentin Rémi
      Romain Samira Sylvie Théo Valérie Yann Zoé`,
    family: `Aubert Barbier Benoît Bernard Blanc Bonnet Boucher Boyer Brun Caron Chevalier Clément David Denis Dubois Dufour Dumas Dupuis Durand Faure Fontaine
      Fournier Garnier Gauthier Gérard Girard Guérin Henry Lambert Laurent Leclerc Lefèvre Legrand Lemaire Leroy Marchand Martin Masson Mercier Meunier
      Meyer Moreau Morel Noël Perrin Petit Renard Renaud Robin Rousseau Roux Roy Schmitt Thomas Vidal Vincent`,
  },
  es: {
    given: `Adriana Alba Alejandro Álvaro Ana Andrés Beatriz Blanca Carla Carlos Carmen Clara Cristina Daniel David Diego Elena Elisa Emilio Eva Felipe Fernando
      Gloria Gonzalo Hugo Inés Irene Isabel Iván Javier Jorge Julia Laura Lorena Lucas Lucía Luis Manuel Marcos Marina Mario Marta Miguel Nuria Óscar Pablo
      Paula Pilar Raúl Rocío Sara Sergio Silvia Sofía Teresa Tomás Valeria Víctor`,
    family: `Aguilar Alonso Álvarez Blanco Cabrera Calvo Campos Cano Castillo Castro Cortés Crespo Cruz Delgado Díaz Domínguez Durán Fernández Flores Fuentes Gallego
      García Garrido Gil Gómez González Guerrero Herrera Ibáñez Iglesias Jiménez León Lozano Marín Medina Méndez Molina Montero Mora Moreno Navarro Núñez
      Ortega Ortiz Pascual Peña Prieto Ramos Reyes Rivera Romero Rubio Ruiz Santana Serrano Soto Suárez Torres Vargas Vega Vidal`,
  },
  nb: {
    given: `Anders Anne Arne Aslak Astrid Berit Bjørn Camilla Eirik Elin Eline Erik Espen Eva Fredrik Frida Geir Grete Gro Guro Håkon Hanne Hege Heidi Helene Henrik
      Ida Inger Ingrid Jens Johanne Jon Kari Karianne Kjell Knut Kristin Lars Leila Linn Liv Magnus Mari Marit Marte Mathias Nils Ola Olav Omar Per Ragnhild
      Ruben Sara Signe Silje Siri Solveig Stian Sunniva Terje Thea Tone Tor Trine Vegard Øystein Åse`,
    family: `Aas Ali Amundsen Andersen Bakke Bakken Berg Berge Bråten Dahl Eide Ellingsen Eriksen Evensen Fjeld Foss Gundersen Hagen Halvorsen Hansen Haug Haugen Hauge
      Helland Henriksen Holm Iversen Jacobsen Johannessen Johansen Karlsen Knutsen Kristiansen Larsen Lie Lien Lund Løken Martinsen Moe Moen Myhre Myklebust
      Nguyen Nygård Næss Olsen Paulsen Pedersen Rasmussen Ruud Rønning Sandvik Solberg Solheim Strand Strøm Sørensen Tangen Tveit Vik Ødegård Aase`,
  },
  ja: {
    given: `葵 明美 彩 綾子 一郎 恵 恵子 英樹 大輔 大樹 大翔 花 春香 陽菜 浩 博之 直樹 直美 七海 拓也 健一 健太 賢治 和也 和子 翔太 真由美 真理子 誠 学 美咲 美穂 美由紀 三郎
      奈々 亮 涼太 莉子 咲 聡 沙織 修 隆 智子 徹 剛 優 優子 裕子 由美 結衣 悠斗 陽子 義明 蓮 千尋`,
    family: `青木 新井 池田 石井 石川 伊藤 井上 上田 上野 内田 遠藤 太田 大野 岡田 岡本 小川 小野 加藤 金子 木村 工藤 小林 近藤 後藤 斎藤 酒井 坂本 佐々木 佐藤 柴田 島田
      清水 鈴木 高木 高田 高橋 竹内 武田 田中 谷口 田村 千葉 中川 中島 中野 中村 西村 野口 橋本 長谷川 林 原田 平野 福田 藤井 藤田 前田 松田 松本 三浦 宮崎 村上 森 山口
      山崎 山下 山田 山本 横山 吉田 渡辺`,
  },
} as const

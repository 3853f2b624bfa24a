/** The page that a site begins with, until its owner's are there. */
export function sitePage(title: string): Readonly<Record<string, string>> {
  return {
    "index.html": `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="stylesheet" href="style.css">
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      <p>This site is being prepared.</p>
    </main>
  </body>
</html>
`,
    "style.css": "body { font-family: sans-serif; margin: 4rem auto; max-width: 40rem; padding: 0 1rem; }\n",
  };
}

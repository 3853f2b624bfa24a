import ts from "typescript";

/**
 * Names the neighbours of a declaration file as they are published: `./facts.js` for `./facts.ts`. The compiler's own
 * option does that for JavaScript only, and a TypeScript before 5.0 does not follow `.ts` from a declaration file.
 */
export function withPublishedNames(
  context: ts.TransformationContext,
): (node: ts.SourceFile | ts.Bundle) => ts.SourceFile | ts.Bundle {
  const { factory } = context;
  const visit = (node: ts.Node): ts.Node =>
    ts.isStringLiteral(node) && namesNeighbour(node)
      ? factory.createStringLiteral(node.text.replace(/\.ts$/, ".js"))
      : ts.visitEachChild(node, visit, context);
  return (node) => (ts.isSourceFile(node) ? ts.visitEachChild(node, visit, context) : node);
}

function namesNeighbour({ text, parent }: ts.StringLiteral): boolean {
  return /^\.\.?\/.*\.ts$/.test(text) && (isImport(parent) || isImportType(parent));
}

function isImport(node: ts.Node | undefined): boolean {
  return node !== undefined && (ts.isImportDeclaration(node) || ts.isExportDeclaration(node));
}

/** `import("./facts.ts").User` */
function isImportType(node: ts.Node | undefined): boolean {
  return node !== undefined && ts.isLiteralTypeNode(node);
}

import ts from "typescript";

/**
 * Names the neighbours of a declaration file as they are published: `./facts.js` for `./facts.ts`. The compiler's own
 * option does that for JavaScript only, and a TypeScript before 5.0 does not follow `.ts` from a declaration file.
 */
export function withPublishedNames(
  context: ts.TransformationContext,
): (node: ts.SourceFile | ts.Bundle) => ts.SourceFile | ts.Bundle {
  const { factory } = context;
  // By the parent that is visited: a type that the compiler inferred is a node without one.
  const visit = (node: ts.Node, parent: ts.Node): ts.Node =>
    ts.isStringLiteral(node) && namesNeighbour(node, parent)
      ? factory.createStringLiteral(node.text.replace(/\.ts$/, ".js"))
      : ts.visitEachChild(node, (child) => visit(child, node), context);
  return (node) => (ts.isSourceFile(node) ? ts.visitEachChild(node, (child) => visit(child, node), context) : node);
}

function namesNeighbour({ text }: ts.StringLiteral, parent: ts.Node): boolean {
  return /^\.\.?\/.*\.ts$/.test(text) && (isImport(parent) || isImportType(parent));
}

function isImport(node: ts.Node): boolean {
  return ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
}

/** `import("./facts.ts").User` */
function isImportType(node: ts.Node): boolean {
  return ts.isLiteralTypeNode(node);
}

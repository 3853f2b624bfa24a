import type {
  CommandNode,
  CompoundList,
  Command as CommandSyntax,
  Redirection,
  Statement,
  SyntaxNode,
  TestExpression,
  Word as WordSyntax,
} from "unbash";

import { expand, expandWhole } from "./expand.ts";
import type { Scope } from "./expand.ts";
import type { Process } from "./process.ts";
import type { Redirected } from "./redirections.ts";
import type { Stream } from "./script.ts";
import { joined, nothing } from "./script.ts";

const MOST_TURNS = 8;

/** What walks a tree: a process, and how it runs a single command. */
export interface Walker {
  readonly process: Process;
  readonly scope: Scope;
  /** The same in a process of its own. */
  readonly child: () => Walker;
  readonly command: (node: CommandSyntax, stdin: Stream) => Stream;
  readonly redirected: (redirects: readonly Redirection[], stdin: Stream) => Redirected;
}

type Node = Statement["command"] | CommandNode | CompoundList | SyntaxNode;

export function walkStatements(statements: readonly Statement[], walker: Walker): Stream {
  const outputs = statements.map(({ command }) => walk(command, walker.process.stdin, walker));
  return outputs.length === 1 ? (outputs[0] ?? nothing) : joined(outputs);
}

/** Runs a command with an input, and gives what it prints. */
export function walk(node: Node, stdin: Stream, walker: Walker): Stream {
  const { process } = walker;
  if (!process.spend(1)) return nothing;
  switch (node.type) {
    case "Command":
      return walker.command(node, stdin);
    case "AndOr":
      return joined(node.commands.map((inner) => walk(inner, stdin, walker)));
    case "Pipeline":
      return node.commands.reduce<Stream>((flowing, inner, index) => {
        // Each part of a pipeline is a process of its own; what it sets is gone when it ends.
        const part = node.commands.length > 1 ? walker.child() : walker;
        return walk(inner, index === 0 ? stdin : flowing, part);
      }, stdin);
    case "Redirected": {
      const { input, writes } = walker.redirected(node.redirects, stdin);
      const output = walk(node.command, input, walker);
      for (const { path, append } of writes) process.write(path, output, append);
      return writes.length > 0 ? nothing : output;
    }
    case "Function":
      process.variables.functions.set(node.name.value, node.body);
      return nothing;
    case "Coproc":
      return walk(node.body, stdin, walker);
    default:
      return process.within(stdin, () => compound(node, walker));
  }
}

function compound(node: Node, walker: Walker): Stream {
  const list = ({ commands }: CompoundList): Stream => walkStatements(commands, walker);
  switch (node.type) {
    case "CompoundList":
      return list(node);
    case "BraceGroup":
      return list(node.body);
    case "Subshell": {
      const child = walker.child();
      return child.process.within(walker.process.stdin, () => walkStatements(node.body.commands, child));
    }
    case "If": {
      const parts = [node.clause, node.then, ...node.elif.flatMap(({ clause, then }) => [clause, then]), node.else];
      return joined(parts.map((part) => (part === undefined ? nothing : list(part))));
    }
    case "While":
      return joined([list(node.clause), list(node.body)]);
    case "For":
    case "Select": {
      const turns = (node.wordlist ?? []).flatMap((word) => expand(word, walker.scope)).slice(0, MOST_TURNS);
      return joined(
        turns.map(({ text, from }) => {
          walker.process.set(node.name.value, text, joined(from));
          return list(node.body);
        }),
      );
    }
    case "ArithmeticFor":
      return list(node.body);
    case "Case":
      expandWhole(node.word, walker.scope);
      return joined(node.items.map(({ body }) => list(body)));
    case "TestCommand":
      for (const word of wordsOf(node.expression)) expandWhole(word, walker.scope);
      return nothing;
    default:
      return nothing;
  }
}

function wordsOf(expression: TestExpression): readonly WordSyntax[] {
  switch (expression.type) {
    case "TestUnary":
    case "TestNot":
      return expression.operand.type === "Word" ? [expression.operand] : wordsOf(expression.operand);
    case "TestBinary":
      return [expression.left, expression.right];
    case "TestLogical":
      return expression.operands.flatMap(wordsOf);
    case "TestGroup":
      return wordsOf(expression.expression);
  }
}

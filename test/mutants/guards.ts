/** Guards of the sources: statements and conditions that refuse something. Each can be taken out by replacing a stretch of its file. */
import ts from 'typescript';

export type GuardKind = 'throw' | 'return' | 'call' | 'or' | 'and';

/** One change of one file that takes a guard out. */
export interface Guard {
  /** Path from the project's root. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly kind: GuardKind;
  /** Where it stands: offsets in UTF-16 units, the end not included. */
  readonly from: number;
  readonly to: number;
  readonly replacement: string;
  /** What is taken out, on one line. */
  readonly text: string;
}

/** Calls that throw where something does not hold. */
const REFUSING_CALL = /^(?:ensure|mustHold|expect|assert|check|require|refuse)(?:[A-Z]\w*)?$/;
/** Calls that give a refusal as their value. */
const REFUSAL_CALL = /^(?:invalid|refuse|refusal|unknown)(?:[A-Z]\w*)?$/;
const TRUTH_CALL = /^(?:is|has|same|verify|may|can|fits|holds|equal)(?:[A-Z]\w*)?$/;
const COMPARISONS = new Set<ts.SyntaxKind>([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]);

/** The name that is called: of `a.b(c)` it is `b`. */
function calledName(node: ts.Expression): string {
  if (!ts.isCallExpression(node)) return '';
  const { expression } = node;
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text.replace(/^#/, '') : '';
}

/** Whether a value is what predicates and validators say no with. */
function isRefusal(value: ts.Expression | undefined): boolean {
  if (value === undefined) return true;
  if (value.kind === ts.SyntaxKind.FalseKeyword || ts.isStringLiteral(value)) return true;
  if (ts.isIdentifier(value)) return value.text === 'undefined';
  return REFUSAL_CALL.test(calledName(value));
}

/** What an `if` does where its condition holds, if it refuses and does nothing else. */
function refusalOf(body: ts.Statement): 'throw' | 'return' | undefined {
  const only = ts.isBlock(body) && body.statements.length === 1 ? body.statements[0] : body;
  if (only === undefined) return undefined;
  if (ts.isThrowStatement(only)) return 'throw';
  return ts.isReturnStatement(only) && isRefusal(only.expression) ? 'return' : undefined;
}

/** The operands of a chain of one operator, however it is bracketed. */
function operandsOf(node: ts.Expression, operator: ts.SyntaxKind): ts.Expression[] {
  if (ts.isParenthesizedExpression(node)) return operandsOf(node.expression, operator);
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== operator) return [node];
  return [...operandsOf(node.left, operator), ...operandsOf(node.right, operator)];
}

/** Whether an expression can only be true or false, as far as its form tells. */
function isTruth(node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node)) return isTruth(node.expression);
  if (ts.isPrefixUnaryExpression(node)) return node.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isBinaryExpression(node)) {
    if (COMPARISONS.has(node.operatorToken.kind)) return true;
    const isJoined = [ts.SyntaxKind.BarBarToken, ts.SyntaxKind.AmpersandAmpersandToken].includes(
      node.operatorToken.kind,
    );
    return isJoined && isTruth(node.left) && isTruth(node.right);
  }
  return TRUTH_CALL.test(calledName(node)) || ['every', 'some', 'includes'].includes(calledName(node));
}

/** The value that a function gives: of `return` and of an arrow without braces. */
function givenValue(node: ts.Node): ts.Expression | undefined {
  if (ts.isReturnStatement(node)) return node.expression;
  return ts.isArrowFunction(node) && !ts.isBlock(node.body) ? node.body : undefined;
}

/** All guards of a source text, in the order in which they stand. */
export function guardsOf(file: string, text: string): Guard[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const guards: Guard[] = [];
  const add = (kind: GuardKind, node: ts.Node, replacement: string): void => {
    const from = node.getStart(source);
    const line = source.getLineAndCharacterOfPosition(from).line + 1;
    const shown = text.slice(from, node.end).replaceAll(/\s+/g, ' ');
    guards.push({ file, line, kind, from, to: node.end, replacement, text: shown });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isIfStatement(node) && node.elseStatement === undefined) {
      const kind = refusalOf(node.thenStatement);
      const operands = operandsOf(node.expression, ts.SyntaxKind.BarBarToken);
      if (kind !== undefined) add(kind, node, ';');
      if (kind !== undefined && operands.length > 1) for (const one of operands) add('or', one, 'false');
    }
    if (ts.isExpressionStatement(node) && REFUSING_CALL.test(calledName(node.expression))) add('call', node, ';');
    const value = givenValue(node);
    const operands = value === undefined ? [] : operandsOf(value, ts.SyntaxKind.AmpersandAmpersandToken);
    if (operands.length > 1 && operands.every(isTruth)) for (const one of operands) add('and', one, 'true');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return guards;
}

/** The text of a file without one of its guards. Offsets behind the guard move. */
export function withoutGuard(text: string, { from, to, replacement }: Guard): string {
  return text.slice(0, from) + replacement + text.slice(to);
}

import type { ILookaheadStrategy, IProduction, IToken, Rule } from 'chevrotain'
import { Alternation, NonTerminal, Option, Repetition, Terminal } from './chevrotain.js'

/**
 * Chooses by the tokens that can start each alternative, which is all that an LL(1) grammar needs.
 * Chevrotain's own strategy looks at what may follow, too: a third of the time to make a parser.
 */
export class FirstTokens implements ILookaheadStrategy {
  validate(): [] {
    return []
  }

  buildLookaheadForAlternation({ rule, prodOccurrence }: Place) {
    const choices = new Map<number, number>()
    const { definition } = find(rule.definition, Alternation, prodOccurrence)!
    definition.forEach((alternative, index) => {
      for (const type of firstOf([alternative])) if (!choices.has(type)) choices.set(type, index)
    })
    return function (this: Looking) {
      return choices.get(this.LA(1).tokenTypeIdx)
    }
  }

  buildLookaheadForOptional({ rule, prodOccurrence, prodType }: Place & { prodType: string }) {
    const kind = prodType === 'Option' ? Option : Repetition
    const starts = firstOf(find(rule.definition, kind, prodOccurrence)!.definition)
    return function (this: Looking) {
      return starts.has(this.LA(1).tokenTypeIdx)
    }
  }
}

/** The parser that chevrotain calls these functions with. */
interface Looking {
  LA(count: number): IToken
}

interface Place {
  readonly rule: Rule
  /** The number behind the method's name: 2 of `OR2`. */
  readonly prodOccurrence: number
}

/** What consists of others: all but tokens. */
interface Composed extends IProduction {
  readonly definition: IProduction[]
}

function find<P extends Composed & { idx: number }>(
  productions: readonly IProduction[],
  kind: abstract new (...given: never) => P,
  index: number,
): P | undefined {
  for (const one of productions) {
    if (one instanceof kind && one.idx === index) return one
    // Other rules have numbers of their own.
    if (one instanceof Terminal || one instanceof NonTerminal) continue
    const inside = find((one as Composed).definition, kind, index)
    if (inside) return inside
  }
  return undefined
}

function firstOf(productions: readonly IProduction[]): ReadonlySet<number> {
  const types = new Set<number>()
  addFirst(productions, types)
  return types
}

/** Whether all of a sequence may be empty. */
function addFirst(sequence: readonly IProduction[], types: Set<number>): boolean {
  return sequence.every((one) => {
    if (one instanceof Terminal) {
      const { tokenTypeIdx, categoryMatches = [] } = one.terminalType
      for (const type of [tokenTypeIdx!, ...categoryMatches]) types.add(type)
      return false
    }
    const { definition } = one as Composed
    if (one instanceof Alternation) {
      return definition.filter((alternative) => addFirst([alternative], types)).length > 0
    }
    const isEmpty = addFirst(definition, types)
    return isEmpty || one instanceof Option || one instanceof Repetition
  })
}

/**
 * GQL: from text and bindings to the structured query that means the same.
 *
 * <p>{@link dev.kindstead.gql.Gql} is the door. {@code Lexer} cuts the text into {@code Token}s,
 * {@code Words} walks them, {@code QueryParser}, {@code AggregationParser}, {@code ConditionParser}
 * and {@code ValueParser} descend the grammar, {@code Bindings} answers {@code @name} and
 * {@code @1}.
 *
 * <p><b>Invariants.</b> The result is a message like one that a client sends itself: whoever reads
 * those checks it; nothing here knows kinds, limits or indexes. The grammar has no recursion but
 * parentheses and arrays, and those are bounded. Whatever the text, the end is a query or
 * INVALID_ARGUMENT with the place of the error.
 *
 * @see <a href="https://cloud.google.com/datastore/docs/reference/gql_reference">GQL reference</a>
 */
@NullMarked
package dev.kindstead.gql;

import org.jspecify.annotations.NullMarked;

/**
 * What simulated queries are about, and the oracle that judges them: {@link
 * dev.kindstead.simulation.library.Book} is an entity with one-valued and many-valued properties,
 * {@link dev.kindstead.simulation.library.BookQuery} a query that can be asked of the product and
 * of a plain list, {@link dev.kindstead.simulation.library.Library} the history of all books by
 * commit timestamps, which says what any query at any timestamp must have answered.
 *
 * <p><b>Invariants.</b> Nothing here knows indexes, plans or bytes. Each book has one writer, who
 * writes on only once the fate of the last write is known; so at most a few writes are open.
 */
@NullMarked
package dev.kindstead.simulation.library;

import org.jspecify.annotations.NullMarked;

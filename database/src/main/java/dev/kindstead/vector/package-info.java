/**
 * Vectors near a vector: {@link dev.kindstead.vector.Measure} says how far two are from each other,
 * {@link dev.kindstead.vector.VectorIndexes} finds what is near without looking at all of them.
 *
 * <p><b>Invariants.</b> What is found are candidates only. Whoever asks reads each at its snapshot
 * and measures again, so a wrong answer cannot come from here, only a less than complete one; and
 * everything that changed since a graph was made is among the candidates, and takes up no place of
 * the graph's own, so that no write is ever overlooked. Graphs live in memory and are made anew
 * when they are needed.
 *
 * <p><b>Elsewhere.</b> The exact search: {@code query.NearestSearch}.
 */
@NullMarked
package dev.kindstead.vector;

import org.jspecify.annotations.NullMarked;

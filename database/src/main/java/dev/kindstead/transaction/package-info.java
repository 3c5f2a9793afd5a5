/** Reads at one timestamp, commits that are atomic, strictly serializable and answered once. */
@NullMarked
package dev.kindstead.transaction;

import org.jspecify.annotations.NullMarked;

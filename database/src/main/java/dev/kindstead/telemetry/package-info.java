/** Counters and timings, as the rooms see them. */
@NullMarked
package dev.kindstead.telemetry;

import org.jspecify.annotations.NullMarked;

/**
 * The gates: tests that hold the whole repository to the architecture (floors and fences), to house
 * rules (tidy) and to one format.
 */
@NullMarked
package dev.kindstead;

import org.jspecify.annotations.NullMarked;

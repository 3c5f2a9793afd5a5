@NullMarked
package dev.kindstead.benchmarks;

import org.jspecify.annotations.NullMarked;

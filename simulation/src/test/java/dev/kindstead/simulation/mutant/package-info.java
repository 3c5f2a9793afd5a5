/** Whether mutants still have a place in the product, and whether some of them are found. */
@NullMarked
package dev.kindstead.simulation.mutant;

import org.jspecify.annotations.NullMarked;

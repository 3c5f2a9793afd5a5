/**
 * Bugs planted into the product, to see that the suite finds them: a check that nothing can fail
 * proves nothing.
 *
 * <p>In the order to read: a {@link dev.kindstead.simulation.mutant.Mutant} is a file of {@code
 * simulation/mutants}, which names the rule it breaks and the text it replaces; {@code Workshop}
 * compiles the changed file, alone, into a directory that goes before the product's classes; {@code
 * Checks} runs the simulation and the named room tests over it, each in a {@code Child} process,
 * and then the same checks over the product as it is, which must pass them; {@link
 * dev.kindstead.simulation.mutant.Mutate} is the command, {@code Report} what it writes.
 *
 * <p><b>Invariants.</b> A mutant whose text is not found exactly once, or that does not compile, is
 * an error, not a bug that was found. What the product without the mutant fails as well finds
 * nothing, and makes the result invalid.
 */
@NullMarked
package dev.kindstead.simulation.mutant;

import org.jspecify.annotations.NullMarked;

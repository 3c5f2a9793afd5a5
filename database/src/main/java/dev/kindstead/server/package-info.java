/** Wires everything, in one readable file; configuration. */
@NullMarked
package dev.kindstead.server;

import org.jspecify.annotations.NullMarked;

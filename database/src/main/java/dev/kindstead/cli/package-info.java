/** The commands of the kindstead program. */
@NullMarked
package dev.kindstead.cli;

import org.jspecify.annotations.NullMarked;

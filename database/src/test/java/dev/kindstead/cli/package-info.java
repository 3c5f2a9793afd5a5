@NullMarked
package dev.kindstead.cli;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.kindstead.faults;

import org.jspecify.annotations.NullMarked;

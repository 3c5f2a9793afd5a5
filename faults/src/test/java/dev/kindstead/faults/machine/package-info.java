@NullMarked
package dev.kindstead.faults.machine;

import org.jspecify.annotations.NullMarked;

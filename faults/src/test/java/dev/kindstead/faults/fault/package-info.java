@NullMarked
package dev.kindstead.faults.fault;

import org.jspecify.annotations.NullMarked;

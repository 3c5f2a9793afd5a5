@NullMarked
package dev.kindstead.faults.workload;

import org.jspecify.annotations.NullMarked;

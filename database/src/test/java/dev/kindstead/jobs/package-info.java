@NullMarked
package dev.kindstead.jobs;

import org.jspecify.annotations.NullMarked;

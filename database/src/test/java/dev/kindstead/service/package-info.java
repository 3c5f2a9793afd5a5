@NullMarked
package dev.kindstead.service;

import org.jspecify.annotations.NullMarked;

/** The operations of the Datastore API, one class each. */
@NullMarked
package dev.kindstead.service;

import org.jspecify.annotations.NullMarked;

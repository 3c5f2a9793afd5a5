/**
 * The admin API: composite indexes and settings of databases, as Google's DatastoreAdmin shows
 * them, as the part of FirestoreAdmin does that gcloud uses for databases in Datastore mode, and
 * their long-running operations.
 *
 * <p>{@link dev.kindstead.administration.Administration} is the door: a request message in, an
 * answer message out. {@link dev.kindstead.administration.AdminMethod} lists the methods, {@link
 * dev.kindstead.administration.AdminRoutes} their HTTP paths.
 *
 * <p><b>Invariants.</b> An operation is no record of its own: it is what its index's record says,
 * so it is right after a restart. Nothing here loads a message class before a method is called.
 *
 * <p><b>Elsewhere.</b> Transport in {@code protocol}; what creating and deleting mean in {@code
 * service.IndexAdministration}.
 */
@NullMarked
package dev.kindstead.administration;

import org.jspecify.annotations.NullMarked;

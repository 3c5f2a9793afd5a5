package dev.kindstead.model;

/**
 * What was asked is not served by this node now: another one leads, or none. UNAVAILABLE to a
 * client.
 *
 * <p><b>Invariant.</b> Nothing of the request is applied or will be, so that whoever gets this may
 * ask again, here or at another node.
 */
public final class NotServedException extends DatastoreException {
  private static final long serialVersionUID = 1L;

  public NotServedException(String message) {
    super(Code.UNAVAILABLE, message);
  }
}

package dev.kindstead.protocol;

import com.linecorp.armeria.common.HttpMethod;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import org.jspecify.annotations.Nullable;

/**
 * What a client hears of a request that still waits when the server has waited long enough for all
 * and ends. What it began may go on to its end, so only what changes nothing may be tried again.
 */
final class CutOff {
  private static final String WHY = "the node has stopped";

  private static final Failure RETRYABLE =
      new Failure(Code.UNAVAILABLE, WHY + "; please try again");

  private CutOff() {}

  /** The exception that {@link Failure#of} makes that failure of. */
  static DatastoreException exception(HttpMethod method, String path) {
    return Calls.refusal(failure(method, path));
  }

  /**
   * @param path of gRPC, as {@code /google.datastore.v1.Datastore/Commit}, or of HTTP
   */
  static Failure failure(HttpMethod method, String path) {
    Rpc rpc = rpc(path);
    if (rpc == Rpc.COMMIT) {
      return DataCall.unknownCommit(WHY);
    }
    return rpc != null || method == HttpMethod.GET ? RETRYABLE : AdminCall.unknownChange(WHY);
  }

  private static @Nullable Rpc rpc(String path) {
    for (Rpc rpc : Rpc.values()) {
      if (path.equals("/" + Rpc.SERVICE + "/" + rpc.method()) || path.endsWith(":" + rpc.verb())) {
        return rpc;
      }
    }
    return null;
  }
}

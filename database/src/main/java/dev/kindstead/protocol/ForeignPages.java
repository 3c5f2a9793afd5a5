package dev.kindstead.protocol;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import dev.kindstead.model.Code;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps out web pages of other sites. A browser on a developer's machine, or inside a company's
 * network, reaches servers that nobody else does, and sends what any page asks for: a simple
 * request needs nobody's leave. It says from which page it comes, though ({@code Origin}). A page
 * whose own name has come to mean this machine's address (DNS rebinding) is told by that name
 * ({@code Host}). Immutable.
 *
 * @param listensAs this server's name, where requests by a public name can't be meant for it; null
 *     takes any name
 */
record ForeignPages(@Nullable String listensAs) {
  /** Names that nobody can register. */
  private static final List<String> LOCAL_DOMAINS =
      List.of(".localhost", ".local", ".internal", ".test");

  /** Why a request is refused, null if it is not. */
  @Nullable Failure refusal(RequestHeaders headers) {
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    if (origin == null && listensAs == null) {
      return null;
    }
    String authority = headers.authority();
    if (origin != null && !isOwn(origin, authority)) {
      return new Failure(
          Code.PERMISSION_DENIED,
          "This comes from a web page of %s, which is not this server (%s): refused, as any page could otherwise read and change everything. Call from a program, or serve the page and the API at one host and port, where a proxy has to pass the Host header on."
              .formatted(origin, authority));
    }
    if (listensAs != null && authority != null && !isLocal(hostOf(authority))) {
      return new Failure(
          Code.PERMISSION_DENIED,
          "This asks for %s, a name that a web page may have given to this machine: refused. Use localhost or an IP address, or a name without a dot or in .localhost, .local, .internal or .test, or name the host in --listen."
              .formatted(authority));
    }
    return null;
  }

  /** "null" is what a page says that hides where it comes from. */
  private static boolean isOwn(String origin, @Nullable String authority) {
    int scheme = origin.indexOf("://");
    if (scheme < 0 || authority == null) {
      return false;
    }
    String usualPort = origin.startsWith("https:") ? ":443" : ":80";
    return without(usualPort, origin.substring(scheme + 3))
        .equalsIgnoreCase(without(usualPort, authority));
  }

  private static String without(String end, String text) {
    return text.endsWith(end) ? text.substring(0, text.length() - end.length()) : text;
  }

  private static String hostOf(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
  }

  private boolean isLocal(String host) {
    String name = without(".", host.toLowerCase(Locale.ROOT));
    int dot = name.lastIndexOf('.');
    return dot < 0
        || name.startsWith("[")
        || isNumber(name.substring(dot + 1))
        || LOCAL_DOMAINS.stream().anyMatch(name::endsWith)
        || name.equalsIgnoreCase(listensAs);
  }

  /** No domain is one, so what ends with it is an address. */
  private static boolean isNumber(String label) {
    return !label.isEmpty() && label.chars().allMatch(each -> each >= '0' && each <= '9');
  }
}

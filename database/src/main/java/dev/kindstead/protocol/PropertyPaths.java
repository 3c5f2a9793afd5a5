package dev.kindstead.protocol;

import static dev.kindstead.model.DatastoreException.invalidArgument;

import com.google.datastore.v1.PropertyMask;
import dev.kindstead.model.Names;
import dev.kindstead.model.PropertyPath;
import java.util.ArrayList;
import java.util.List;

/** Reads the API's dotted property paths, in which a backslash escapes a dot or a backslash. */
final class PropertyPaths {
  private PropertyPaths() {}

  static List<PropertyPath> read(PropertyMask mask, boolean reservedAllowed, Limits limits) {
    var paths = new ArrayList<PropertyPath>(mask.getPathsCount());
    for (String path : mask.getPathsList()) {
      PropertyPath read = read(path);
      boolean isKey = path.equals("__key__");
      for (String segment : read.segments()) {
        Names.checkProperty(segment, reservedAllowed || isKey, limits.nameBytesMax());
      }
      paths.add(read);
    }
    return paths;
  }

  static PropertyPath read(String path) {
    var segments = new ArrayList<String>();
    var segment = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '\\') {
        i++;
        if (i == path.length() || (path.charAt(i) != '.' && path.charAt(i) != '\\')) {
          throw invalidArgument("Illegal escape in property path \"" + path + "\".");
        }
        segment.append(path.charAt(i));
      } else if (c == '.') {
        segments.add(segment.toString());
        segment.setLength(0);
      } else {
        segment.append(c);
      }
    }
    segments.add(segment.toString());
    if (segments.contains("")) {
      throw invalidArgument("The property.name is the empty string.");
    }
    return new PropertyPath(segments);
  }
}

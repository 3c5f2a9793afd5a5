package dev.kindstead.simulation.mutant;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A checkout whose modules {@code database} and {@code simulation} are compiled with their tests,
 * and a directory for what is made of them. Confined to one thread.
 */
public final class Workshop implements AutoCloseable {
  private static final String SOURCES = "database/src/main/java/dev/kindstead";

  private final Path root;
  private final Path scratch;
  private final String classPath;

  private Workshop(Path root, Path scratch, String classPath) {
    this.root = root;
    this.scratch = scratch;
    this.classPath = classPath;
  }

  /**
   * Opens a checkout.
   *
   * @throws IllegalStateException if its tests are not compiled
   */
  public static Workshop open(Path root) {
    Path target = root.resolve("simulation/target");
    Path list = target.resolve("test.classpath");
    if (!Files.exists(list)) {
      throw new IllegalStateException(list + " is missing: build the module simulation first");
    }
    try {
      String classPath =
          String.join(
              File.pathSeparator,
              target.resolve("test-classes").toString(),
              target.resolve("classes").toString(),
              Files.readString(list).strip());
      return new Workshop(root, Files.createTempDirectory("mutants"), classPath);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The nearest directory above this process's that is a checkout. */
  static Path findRoot() {
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null && !Files.exists(directory.resolve("mvnw"))) {
      directory = directory.getParent();
    }
    if (directory == null) {
      throw new IllegalStateException("no mvnw in any directory above");
    }
    return directory;
  }

  Path root() {
    return root;
  }

  /** Where mutants lie. */
  public Path mutants() {
    return root.resolve("simulation/mutants");
  }

  /** The product's and all tests' classes, as for {@code java -cp}. */
  String classPath() {
    return classPath;
  }

  /** The same with a mutant in the product's place. */
  String classPath(Path planted) {
    return planted + File.pathSeparator + classPath;
  }

  /**
   * Compiles the one file that a mutant changes.
   *
   * @return the directory of its classes
   * @throws IllegalArgumentException if its text is not found once, or does not compile
   */
  public Path plant(Mutant mutant) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException("this is no JDK: it has no compiler");
    }
    Path source = root.resolve(SOURCES).resolve(mutant.file());
    Path classes = scratch.resolve(mutant.name());
    Path changed = scratch.resolve(mutant.name() + ".source").resolve(source.getFileName());
    try {
      Files.createDirectories(classes);
      Files.createDirectories(scratch.resolve(mutant.name() + ".source"));
      Files.writeString(changed, mutant.plantInto(Files.readString(source)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var errors = new StringWriter();
    List<String> options =
        List.of("-nowarn", "-proc:none", "-d", classes.toString(), "-cp", classPath);
    boolean compiled;
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var units = files.getJavaFileObjects(changed);
      compiled = compiler.getTask(errors, files, null, options, null, units).call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!compiled) {
      throw new IllegalArgumentException("mutant " + mutant.name() + " is no Java: " + errors);
    }
    return classes;
  }

  @Override
  public void close() {
    try (Stream<Path> all = Files.walk(scratch)) {
      var files = new ArrayList<>(all.toList());
      files.sort(Comparator.reverseOrder());
      for (Path file : files) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.kindstead.faults.machine;

/** The machine did not do what it was asked for. It says nothing about the nodes. */
public final class Refused extends IllegalStateException {
  private static final long serialVersionUID = 1;

  public Refused(String what) {
    super(what);
  }
}

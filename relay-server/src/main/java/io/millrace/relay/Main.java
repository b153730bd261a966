package io.millrace.relay;

/** The entry point. For now it only says which version it is. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("millrace " + version());
    }

    /** The version of the packaged program; classes that were not packaged have none. */
    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}

package io.scaiwave.admin.local;

import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The class path of the running code, for a child JVM: in surefire, in exec:java inside Maven, or in a plain java. */
public final class ClassPath {
    private ClassPath() {}

    /** With the separator of this system. */
    public static String current() {
        String surefire = System.getProperty("surefire.test.class.path");
        if (surefire != null) {
            return surefire;
        }
        // Inside Maven java.class.path is Maven's own; what runs us is a class loader with URLs.
        if (ClassPath.class.getClassLoader() instanceof URLClassLoader loader) {
            return Arrays.stream(loader.getURLs()).map(ClassPath::file).collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("java.class.path");
    }

    private static String file(URL url) {
        return Path.of(URI.create(url.toString())).toString();
    }
}

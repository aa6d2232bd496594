package dev.sameport;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What may use what, as `docs/architecture.md` says.
final class ArchitectureTest {
    private static final String ROOT = "dev.sameport";
    private static final JavaClasses OURS =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages(ROOT);

    /// The rows of the table: package, what it may use.
    private static Map<String, String> directions() throws Exception {
        Map<String, String> rows = new TreeMap<>();
        Pattern.compile("(?m)^\\| `([a-z0-9.]+)` \\| (–|everything.*?|`.*?) \\|$")
                .matcher(Files.readString(Path.of("docs/architecture.md")))
                .results()
                .filter(row -> !row.group(2).contains("("))
                .forEach(row -> rows.put(row.group(1), row.group(2)));
        return rows;
    }

    private static boolean allows(String row, String used) {
        if (row.startsWith("everything")) {
            return !row.contains("but") || !row.contains("`" + used + "`");
        }
        return row.contains("`" + used + "`");
    }

    private static String packageOf(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }

    @Test
    void packages_use_each_other_only_as_the_table_says() throws Exception {
        Map<String, String> directions = directions();
        TreeSet<String> wrong = new TreeSet<>();
        TreeSet<String> packages = new TreeSet<>();
        for (JavaClass type : OURS) {
            String from = packageOf(type);
            if (from.isEmpty()) {
                continue; // Main, which only starts the command line
            }
            packages.add(from);
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass();
                if (!target.getPackageName().startsWith(ROOT)) {
                    continue;
                }
                String used = packageOf(target);
                if (!used.equals(from) && !allows(directions.getOrDefault(from, ""), used)) {
                    wrong.add(from + " uses " + used + ": " + dependency.getDescription());
                }
            }
        }
        assertEquals(List.of(), List.copyOf(wrong));
        assertEquals(packages, new TreeSet<>(directions.keySet()), "packages, and rows");
    }

    @Test
    void only_linux_calls_native_code() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".linux")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign")
                .check(OURS);
    }

    @Test
    void only_what_owns_sockets_knows_netty() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        ROOT + ".plane.proxy..",
                        ROOT + ".health",
                        ROOT + ".engine",
                        ROOT + ".admin")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(OURS);
    }

    @Test
    void the_model_does_no_io_and_starts_no_thread() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".model")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + ".model",
                        "java.lang",
                        "java.lang.invoke",
                        "java.lang.runtime",
                        "java.net",
                        "java.time",
                        "java.util",
                        "java.util.function",
                        "java.util.stream",
                        "java.util.regex",
                        "org.jspecify.annotations")
                .check(OURS);
    }

    @Test
    void names_say_what_a_thing_is() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .check(OURS);
    }

    @Test
    void the_table_is_read() throws Exception {
        assertTrue(directions().size() > 15, () -> "rows: " + OURS.size());
    }
}

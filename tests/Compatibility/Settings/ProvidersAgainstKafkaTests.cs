using Moldau.Broker.Settings.Start;
using Moldau.Compatibility.Kafka;
using Moldau.Storage.Files;
using Xunit;

namespace Moldau.Compatibility.Settings;

/// <summary>What stands between <c>${</c> and <c>}</c> becomes what Kafka's own providers make of it.</summary>
public class ProvidersAgainstKafkaTests
{
    private const string Classes = """
        config.providers=env,file,directory
        config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider
        config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider
        config.providers.directory.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider

        """;

    private static readonly string[] Values =
    [
        "${env:PATH}", "${env::PATH}", "a${env:PATH}b${env:PATH}c", "${env:NOT_THERE_AT_ALL}", "${env:}", "${other:PATH}", "${env}", "$env:PATH", "$${env:PATH}", "${env:PATH", "${ env:PATH}", "${env: PATH}",
        "${file:FOLDER/one.properties:a}", "${file:FOLDER/one.properties:b}", "${file:FOLDER/one.properties:none}", "${file:FOLDER/one.properties:c d}", "${file:a}", "${file::a}", "${file:FOLDER/one.properties:n}",
        "${directory:FOLDER:secret}", "${directory:FOLDER:none}", "${directory:FOLDER/none:secret}", "${directory:secret}", "${directory:FOLDER:inner}", "${directory:FOLDER:inner/secret}", "${file:FOLDER/inner/two.properties:a}",
        "${file:FOLDER/../FOLDERNAME/one.properties:a}", "${file:FOLDER/inner/../one.properties:a}", "${env:a:PATH}", "${file:FOLDER/none.properties:a}", "${file:FOLDER/one.properties:a:b}",
    ];

    [Theory]
    [InlineData("")]
    [InlineData("config.providers.env.param.allowlist.pattern=P.*")]
    [InlineData("config.providers.env.param.allowlist.pattern=P")]
    [InlineData("config.providers.file.param.allowed.paths=FOLDER/inner\nconfig.providers.directory.param.allowed.paths=FOLDER/inner")]
    [InlineData("config.providers.file.param.allowed.paths=FOLDER/inner,FOLDER\nconfig.providers.directory.param.allowed.paths=FOLDER")]
    public async Task Values_are_looked_up_as_Kafka_does(string parameters)
    {
        KafkaJars.Require();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "paths with colons are no paths between colons");
        var folder = Directory.CreateTempSubdirectory("moldau-providers-");
        try
        {
            Fill(folder.FullName);
            var texts = Values.Select(value => (Classes + parameters + "\nvalue=" + value)
                .Replace("FOLDERNAME", folder.Name, StringComparison.Ordinal).Replace("FOLDER", folder.FullName, StringComparison.Ordinal)).ToList();

            var answers = await KafkaSettings.AskAsync("config providers", texts.Select(static text => $"resolve\t{KafkaSettings.Hex(text)}"));

            var faults = texts.Zip(answers).Select(static pair => (pair.First, Ours: Ours(pair.First), Theirs: pair.Second)).Where(static one => one.Ours != one.Theirs)
                .Select(static one => $"{one.First.Split('\n')[^1]}\nours  {one.Ours}\nKafka's {one.Theirs}");
            Assert.Equal("", string.Join('\n', faults));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Fill(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "inner"));
        File.WriteAllText(Path.Combine(folder, "one.properties"), "a=first\nb = \\u00e9 \nc\\ d=x\nn=${env:PATH}\n");
        File.WriteAllText(Path.Combine(folder, "inner", "two.properties"), "a=second\n");
        File.WriteAllText(Path.Combine(folder, "secret"), " geheim\n");
        File.WriteAllText(Path.Combine(folder, "inner", "secret"), "other");
    }

    private static string Ours(string text)
    {
        var given = new Dictionary<string, GivenSetting>(StringComparer.Ordinal);
        PropertiesReader.Read(text, (name, value, line) => given[name] = new GivenSetting(name, value, $"file:{line}"));
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables()) variables[(string)variable.Key] = (string)variable.Value!;
        var faults = new List<string>();
        try
        {
            var providers = new ValueProviders(given, variables, new DiskSmallFiles(), faults);
            var values = given.ToDictionary(static one => one.Key, one => ProviderDeclaration.IsOne(one.Key) || one.Key == ProviderDeclaration.List ? one.Value.Value : providers.Resolve(one.Value, []));
            return faults.Count > 0 ? "refused" : KafkaSettings.Hex(values);
        }
        catch (ProviderException)
        {
            return "refused";
        }
    }
}

using System.IO.Compression;
using System.Xml.Linq;
using Moldau.Compatibility.Launcher;
using Moldau.Shared;
using Moldau.Testing;
using Xunit;

namespace Moldau.Compatibility.Packing;

/// <summary>What is shipped, installed into empty folders, and used.</summary>
public sealed class PackTests(PackedMoldau packed) : IClassFixture<PackedMoldau>
{
    /// <summary>Of systemd's ten points how many an attacker may have; what cannot be taken away comes to this.</summary>
    private const int MostExposure = 15;

    private static readonly string[] Start = ["start", "--listen", "127.0.0.1:0", "--http", "none", "--data"];

    [Fact]
    public async Task The_tool_is_installed_and_writes_and_reads_a_record()
    {
        SkipElsewhere();
        await packed.RunAsync("dotnet", "tool", "install", "moldau", "--tool-path", packed.PathOf("tools"), "--configfile", packed.PathOf("nuget.config"));
        var tool = new InstalledProgram(packed.PathOf("tools/moldau"), null);
        Assert.StartsWith("moldau ", await tool.RunAsync("", "--version"), StringComparison.Ordinal);
        await tool.ServeAsync([.. Start, packed.PathOf("data of the tool")], addresses => tool.UseAsync(addresses[0]));
    }

    [Fact]
    public async Task The_archive_is_unpacked_and_needs_no_dotnet()
    {
        SkipElsewhere();
        var program = new InstalledProgram(Path.Combine(packed.Unpacked, "moldau"), new Dictionary<string, string> { ["PATH"] = "/nowhere" });
        await program.ServeAsync([.. Start, packed.PathOf("data of the archive")], addresses => program.UseAsync(addresses[0]));
    }

    [Fact]
    public async Task The_units_example_is_one_that_starts_and_passes_systemds_own_checks()
    {
        SkipElsewhere();
        var config = Path.Combine(packed.Unpacked, "config", "server.properties");
        var program = new InstalledProgram(Path.Combine(packed.Unpacked, "moldau"), new Dictionary<string, string>());
        await program.ServeAsync(["start", "--config", config, "--data", packed.PathOf("data of the example"), "--listen", "127.0.0.1:0", "--http", "none"], static _ => Task.CompletedTask);

        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not here; eng/tools names its package");
        var unit = packed.PathOf("moldau.service");
        // The link has no blank in its path, which systemd would take for an argument's end.
        var home = Directory.CreateTempSubdirectory("moldau-unit-");
        File.CreateSymbolicLink(Path.Combine(home.FullName, "moldau"), packed.Unpacked);
        await File.WriteAllTextAsync(
            unit,
            (await File.ReadAllTextAsync(Path.Combine(packed.Unpacked, "systemd", "moldau.service"), TestContext.Current.CancellationToken)).Replace("/opt/moldau/", home.FullName + "/moldau/", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        var verified = await Launch.RunAsync("systemd-analyze", ["verify", unit]);
        Assert.Equal((0, ""), (verified.ExitCode, verified.Error));
        await packed.RunAsync("systemd-analyze", "security", "--offline=true", $"--threshold={MostExposure}", unit);
        home.Delete(recursive: true);
    }

    [Fact]
    public async Task A_program_is_compiled_against_the_packages_and_runs()
    {
        SkipElsewhere();
        var folder = Directory.CreateDirectory(packed.PathOf("program"));
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "program.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings><UseAppHost>false</UseAppHost></PropertyGroup>
              <ItemGroup><PackageReference Include="Moldau.Client" Version="{Version}" /><PackageReference Include="Moldau.Testing" Version="{Version}" /></ItemGroup>
            </Project>
            """,
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "Program.cs"),
            """
            using Moldau.Client;
            using Moldau.Client.Admin;
            using Moldau.Client.Consuming;
            using Moldau.Testing;

            await using var broker = await EmbeddedBroker.StartAsync();
            await using var kafka = new KafkaClient(new() { Bootstrap = broker.BootstrapServers });
            await kafka.Topics.CreateAsync([new NewTopic("orders") { Partitions = 1 }]);
            await using var producer = kafka.CreateProducer();
            var ack = await producer.SendAsync("orders", new() { Value = "{}"u8.ToArray() });
            await using var consumer = kafka.CreateConsumer<string, string>(new() { Topics = ["orders"], StopAtEnd = true });
            await foreach (Record<string, string> record in consumer.ReadAllAsync()) Console.WriteLine($"{ack.Offset} {record.Offset}");
            """,
            TestContext.Current.CancellationToken);
        await packed.RunAsync("dotnet", "build", folder.FullName, "--configfile", packed.PathOf("nuget.config"), "--disable-build-servers", "-o", packed.PathOf("built"));
        Assert.Equal("0 0", (await packed.RunAsync("dotnet", packed.PathOf("built/program.dll"))).Trim());
    }

    [Fact]
    public async Task A_program_compiled_ahead_of_time_for_dotnet_8_uses_the_client()
    {
        SkipElsewhere();
        // .NET 8's compiler hands paths to the linker as they are: without a space.
        var folder = Directory.CreateTempSubdirectory("moldau-ahead-");
        try
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, "samples", "AheadOfTime"), "*.cs")) File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "ahead.csproj"),
                $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType><TargetFramework>net8.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings><PublishAot>true</PublishAot>
                    <TrimmerSingleWarn>false</TrimmerSingleWarn><TreatWarningsAsErrors>true</TreatWarningsAsErrors><InvariantGlobalization>true</InvariantGlobalization>
                    <EnableDefaultCompileItems>false</EnableDefaultCompileItems>
                  </PropertyGroup>
                  <ItemGroup><Compile Include="*.cs" /><PackageReference Include="Moldau.Client" Version="{Version}" /></ItemGroup>
                </Project>
                """,
                TestContext.Current.CancellationToken);
            var configuration = Path.Combine(folder.FullName, "nuget.web.config");
            await packed.WriteWebConfigurationAsync(configuration);
            await packed.RunWithAsync(
                Path.Combine(folder.FullName, "cache"), "dotnet", "publish", folder.FullName, "-c", "Release", "-r", "linux-x64", "--configfile", configuration, "--disable-build-servers", "-o", Path.Combine(folder.FullName, "published"));
            await using var broker = await EmbeddedBroker.StartAsync();
            var printed = await packed.RunAsync(Path.Combine(folder.FullName, "published", "ahead"), broker.BootstrapServers);
            Assert.Equal("wrote 100, read 100, sum 4950, on .NET 8", printed.Trim());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Every_room_is_packed_with_what_a_registry_shows_of_it()
    {
        SkipElsewhere();
        var rooms = Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(static path => Path.GetFileNameWithoutExtension(path)!).Select(static name => name == "Moldau.Host" ? "moldau" : name);
        foreach (var room in rooms)
        {
            using var package = ZipFile.OpenRead(Path.Combine(packed.Packages, $"{room}.{Version}.nupkg"));
            Assert.True(File.Exists(Path.Combine(packed.Packages, $"{room}.{Version}.snupkg")), room);
            using var text = package.GetEntry($"{room}.nuspec")!.Open();
            var metadata = XDocument.Load(text).Root!.Elements().Single(static element => element.Name.LocalName == "metadata").Elements().ToLookup(static element => element.Name.LocalName, static element => element.Value);
            Assert.Equal(("Apache-2.0", "README.md", Version), (metadata["license"].Single(), metadata["readme"].Single(), metadata["version"].Single()));
            Assert.NotEqual("Package Description", metadata["description"].Single());
            Assert.NotNull(package.GetEntry("README.md"));
            if (room != "moldau") Assert.NotNull(package.GetEntry($"lib/net10.0/{room}.xml"));
        }
    }

    private string Version => Path.GetFileName(packed.Unpacked).Split('-')[1];

    private static void SkipElsewhere() => Assert.SkipUnless(OperatingSystem.IsLinux(), "the archive is Linux'");
}

using Moldau.Shared;
using Xunit;

namespace Moldau.Unit.Repository.Architecture;

public class ArchitectureTests
{
    [Fact]
    public void Every_reference_between_rooms_is_an_arrow_of_the_table()
    {
        var projects = RepositoryFiles.Find("src", "*.csproj").Select(path => ProjectFile.Parse(RepositoryPaths.Relative(path), File.ReadAllText(path))).ToList();

        Assert.NotEmpty(projects);
        Assert.Empty(projects.SelectMany(ArchitectureRules.Faults));
    }

    [Fact]
    public void Every_file_is_in_the_namespace_of_its_room_and_folder()
    {
        var files = RepositoryFiles.Sources.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(ArchitectureRules.Faults));
    }

    [Fact]
    public void Every_folder_under_src_is_a_room() =>
        Assert.All(
            new DirectoryInfo(Path.Combine(RepositoryPaths.Root, "src")).EnumerateDirectories().Where(folder => folder.EnumerateFileSystemInfos().Any()),
            folder => Assert.NotNull(Rooms.Find(folder.Name)));

    [Fact]
    public void The_table_has_no_circle_and_names_only_rooms()
    {
        // Each room stands below the rooms that may reference it, so an order exists and no arrow points up.
        var below = new HashSet<string>();
        foreach (var room in Rooms.All)
        {
            Assert.Subset(below, room.MayReference.ToHashSet());
            below.Add(room.Folder);
        }
    }

    [Theory]
    [InlineData("src/Protocol/Moldau.Protocol.csproj", "../Storage/Moldau.Storage.csproj", "Protocol may not reference Storage")]
    [InlineData("src/Broker/Moldau.Broker.csproj", @"..\Cluster\Moldau.Cluster.csproj", "Broker may not reference Cluster")]
    [InlineData("src/Storage/Moldau.Storage.csproj", "../Coordination/Moldau.Coordination.csproj", "Storage may not reference Coordination")]
    [InlineData("src/Streams/Moldau.Streams.csproj", "../Connect/Moldau.Connect.csproj", "Streams may not reference Connect")]
    [InlineData("src/Client/Moldau.Client.csproj", "../Broker/Moldau.Broker.csproj", "Client may not reference Broker")]
    [InlineData("src/Host/Moldau.Host.csproj", "../../eng/TestRunner/TestRunner.csproj", "eng/TestRunner/TestRunner.csproj is no room")]
    public void A_wrong_arrow_is_reported(string project, string reference, string fault)
    {
        var file = ProjectFile.Parse(project, $"""<Project><ItemGroup><ProjectReference Include="{reference}" /></ItemGroup></Project>""");

        Assert.Equal([$"{project}: {fault}"], ArchitectureRules.Faults(file));
    }

    [Theory]
    [InlineData("src/Shared/Moldau.Shared.csproj", "no room of this name")]
    [InlineData("src/Storage/Files/Moldau.Storage.Files.csproj", "the room's one project is src/Storage/Moldau.Storage.csproj")]
    public void A_project_that_is_no_room_is_reported(string project, string fault) =>
        Assert.Contains(fault, Assert.Single(ArchitectureRules.Faults(ProjectFile.Parse(project, "<Project />"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("src/Storage/Files/Disk.cs", "namespace Moldau.Storage; class Disk;", "in namespace Moldau.Storage, its folder says Moldau.Storage.Files")]
    [InlineData("src/Storage/Log.cs", "namespace Moldau.Broker { class Log; }", "in namespace Moldau.Broker, its folder says Moldau.Storage")]
    [InlineData("src/Storage/Log.cs", "class Log;", "outside any namespace")]
    [InlineData("src/Shared/Log.cs", "namespace Moldau.Shared; class Log;", "in no room")]
    public void A_wrong_namespace_is_reported(string path, string text, string fault) =>
        Assert.Contains(fault, Assert.Single(ArchitectureRules.Faults(SourceFile.Parse(path, text))), StringComparison.Ordinal);

    [Theory]
    [InlineData("src/Hosting/Options/Name.cs", "namespace Moldau.Extensions.Hosting.Options; class Name;")]
    [InlineData("src/Host/Program.cs", "return 0;")]
    public void A_right_namespace_is_not(string path, string text) => Assert.Empty(ArchitectureRules.Faults(SourceFile.Parse(path, text)));
}

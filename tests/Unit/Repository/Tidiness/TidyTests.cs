using Moldau.Shared;
using Xunit;

namespace Moldau.Unit.Repository.Tidiness;

/// <summary>The repository as it is.</summary>
public class TidyTests
{
    [Fact]
    public void No_file_or_method_is_too_long() => Assert.Empty(RepositoryFiles.Sources.SelectMany(LengthRules.Faults));

    [Fact]
    public void No_type_is_too_long_over_all_its_parts() =>
        Assert.Empty(LengthRules.PartialFaults(RepositoryFiles.Sources.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal))));

    [Fact]
    public void Every_name_says_something_and_every_type_has_its_file() => Assert.Empty(RepositoryFiles.Sources.SelectMany(NameRules.Faults));

    [Fact]
    public void Nothing_is_left_for_later() => Assert.Empty(RepositoryFiles.Sources.SelectMany(UnfinishedRules.Faults));

    [Fact]
    public void Every_link_of_a_document_leads_somewhere() =>
        Assert.Empty(RepositoryFiles.Find("", "*.md").SelectMany(path =>
            DocumentLinks.Faults(RepositoryPaths.Relative(path), File.ReadAllText(path), target => Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, target)))));

    [Fact]
    public void Every_project_under_src_says_what_it_owns() =>
        Assert.All(RepositoryFiles.Find("src", "*.csproj"), path => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "README.md")), path));
}

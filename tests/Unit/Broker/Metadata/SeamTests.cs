using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moldau.Unit.Repository;
using Xunit;

namespace Moldau.Unit.Broker.Metadata;

/// <summary>Nobody above the seam depends on the local engine more than on etcd.</summary>
public class SeamTests
{
    private const string Local = "src/Broker/Metadata/LocalMetadataStore.cs";

    private static readonly HashSet<string> Engine = ["FactStore", "FactStoreOptions", "FactView", "FactWatch", "FactFaults", "FactOpening", "IFileSystem", "LocalMetadataStore"];

    [Fact]
    public void Only_the_local_store_knows_that_there_is_a_file()
    {
        var files = RepositoryFiles.Sources.Where(static file => file.Path.StartsWith("src/Broker/Metadata/", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(Found(files.Single(static file => file.Path == Local)));
        Assert.Empty(files.Where(static file => file.Path != Local).SelectMany(Found));
    }

    [Fact]
    public void A_use_of_the_engine_is_noticed() =>
        Assert.Equal(["src/Broker/Metadata/A.cs: FactStore"], Found(SourceFile.Parse("src/Broker/Metadata/A.cs", "class A { FactStore _facts; }")));

    private static IEnumerable<string> Found(SourceFile file) =>
        file.Syntax.DescendantNodes().OfType<IdentifierNameSyntax>().Where(static name => Engine.Contains(name.Identifier.Text)).Select(name => $"{file.Path}: {name.Identifier.Text}");
}

using Moldau.Shared;
using Xunit;

namespace Moldau.Unit.Coordination.Deliveries;

/// <summary>
/// The scenarios beside this file. With <c>MOLDAU_REWRITE=1</c> they are written anew as they are played, to be reviewed as
/// code is.
/// </summary>
public sealed class ScenarioTests
{
    private const string Folder = "tests/Unit/Coordination/Deliveries/Scenarios";

    public static TheoryData<string> Scenarios => [.. Directory.GetFiles(Path.Combine(RepositoryPaths.Root, Folder), "*.txt").Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task ScenarioComesOutAsWritten(string name)
    {
        var path = Path.Combine(RepositoryPaths.Root, Folder, name);
        var written = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var played = DeliveryPlayer.Play(written);
        if (Environment.GetEnvironmentVariable("MOLDAU_REWRITE") == "1") await File.WriteAllTextAsync(path, played, TestContext.Current.CancellationToken);
        else Assert.Equal(written, played);
    }
}

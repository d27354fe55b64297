using Xunit;

namespace Moldau.Compatibility.Clients.Security;

/// <summary>Every client by every mechanism: whoever knows the secret enters and writes, whoever does not is told that he was not authenticated, and whoever may not write there is told so.</summary>
public sealed class SecurityMatrixTests(SecuredBroker broker, ITestOutputHelper output) : IClassFixture<SecuredBroker>
{
    public static TheoryData<string> Clients => [.. SecurityClient.All.Select(static client => client.Name)];

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Each_enters_with_the_secret_and_not_without(string name)
    {
        var client = SecurityClient.All.Single(client => client.Name == name);
        Assert.SkipUnless(client.IsThere, $"{name} is not there: MOLDAU_KAFKA or MOLDAU_WHEELS names no folder");
        var cells = Cells();
        var since = TimeProvider.System.GetTimestamp();
        var outcomes = await client.TryAsync(broker.Address, cells);
        output.WriteLine($"{cells.Count} attempts in {TimeProvider.System.GetElapsedTime(since).TotalSeconds:0.0} s");
        for (var i = 0; i < cells.Count; i++) output.WriteLine($"{cells[i]}: {outcomes[i].Outcome} {outcomes[i].Why}");
        Assert.Equal(cells.Select(static cell => $"{cell}: {cell.Outcome}"), cells.Select((cell, i) => $"{cell}: {outcomes[i].Outcome}"));
    }

    /// <summary>A row a mechanism, a column a kind of attempt.</summary>
    private List<SecurityCell> Cells()
    {
        List<SecurityCell> cells = [];
        foreach (var mechanism in new[] { "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512" })
        {
            cells.Add(new SecurityCell(mechanism, "allowed", SecuredBroker.User, SecuredBroker.Password, SecuredBroker.OpenTopic, "entered"));
            cells.Add(new SecurityCell(mechanism, "denied", SecuredBroker.User, SecuredBroker.Password, SecuredBroker.ClosedTopic, "denied"));
            cells.Add(new SecurityCell(mechanism, "wrong secret", SecuredBroker.User, "guess", SecuredBroker.OpenTopic, "refused"));
        }

        cells.Add(new SecurityCell("OAUTHBEARER", "allowed", "", broker.Token, SecuredBroker.OpenTopic, "entered"));
        cells.Add(new SecurityCell("OAUTHBEARER", "denied", "", broker.Token, SecuredBroker.ClosedTopic, "denied"));
        cells.Add(new SecurityCell("OAUTHBEARER", "wrong secret", "", broker.ForgedToken, SecuredBroker.OpenTopic, "refused"));
        return cells;
    }
}

using Xunit;

namespace Moldau.Compatibility.Clients.Security;

/// <summary>Every client that knows share groups: whoever may read in the group and from the topic does, and others are told what they may not, or that they were not authenticated.</summary>
public sealed class SharingMatrixTests(SecuredSharing broker, ITestOutputHelper output) : IClassFixture<SecuredSharing>
{
    private const string Bare = "SASL_PLAINTEXT";
    private const string Tls = "SASL_SSL";

    public static TheoryData<string> Clients => [.. SharingClient.All.Select(static client => client.Name)];

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Each_shares_what_it_may_and_nothing_else(string name)
    {
        var client = SharingClient.All.Single(client => client.Name == name);
        Assert.SkipUnless(client.IsThere, $"{name} is not there: MOLDAU_KAFKA or MOLDAU_WHEELS names no folder");
        var cells = Cells(name).Where(cell => !client.TellsNoReason || cell.Outcome == "read").ToList();
        await broker.BeginAsync(cells.Where(static cell => cell.Outcome == "read").Select(static cell => cell.Group));
        var since = TimeProvider.System.GetTimestamp();
        var outcomes = await client.TryAsync(broker, cells);
        output.WriteLine($"{cells.Count} attempts in {TimeProvider.System.GetElapsedTime(since).TotalSeconds:0.0} s");
        for (var i = 0; i < cells.Count; i++) output.WriteLine($"{cells[i]}: {outcomes[i].Outcome} {outcomes[i].Why}");
        Assert.Equal(cells.Select(static cell => $"{cell}: {cell.Outcome}"), cells.Select((cell, i) => $"{cell}: {outcomes[i].Outcome}"));
    }

    private static List<SharingCell> Cells(string client)
    {
        string Mine(string suffix) => $"{SecuredSharing.OpenGroups}{client}-{suffix}";
        return
        [
            new(Bare, "PLAIN", "allowed", SecuredSharing.Password, Mine("plain"), SecuredSharing.OpenTopic, "read"),
            new(Bare, "PLAIN", "wrong secret", "guess", Mine("wrong"), SecuredSharing.OpenTopic, "refused"),
            new(Bare, "SCRAM-SHA-512", "allowed", SecuredSharing.Password, Mine("scram"), SecuredSharing.OpenTopic, "read"),
            new(Bare, "SCRAM-SHA-512", "another's group", SecuredSharing.Password, "others", SecuredSharing.OpenTopic, "denied group"),
            new(Bare, "SCRAM-SHA-512", "group to look at", SecuredSharing.Password, SecuredSharing.DimGroup, SecuredSharing.OpenTopic, "denied group"),
            new(Bare, "SCRAM-SHA-512", "closed topic", SecuredSharing.Password, Mine("closed"), SecuredSharing.ClosedTopic, "denied topic"),
            new(Bare, "SCRAM-SHA-512", "topic to look at", SecuredSharing.Password, Mine("dim"), SecuredSharing.DimTopic, "denied topic"),
            new(Tls, "SCRAM-SHA-256", "allowed", SecuredSharing.Password, Mine("tls"), SecuredSharing.OpenTopic, "read"),
            new(Tls, "SCRAM-SHA-256", "another's group", SecuredSharing.Password, "others", SecuredSharing.OpenTopic, "denied group"),
            new(Tls, "SCRAM-SHA-256", "closed topic", SecuredSharing.Password, Mine("tls-closed"), SecuredSharing.ClosedTopic, "denied topic"),
            new(Tls, "SCRAM-SHA-256", "wrong secret", "guess", Mine("wrong"), SecuredSharing.OpenTopic, "refused"),
        ];
    }
}

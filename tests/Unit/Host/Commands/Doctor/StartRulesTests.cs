using Moldau.Host.Commands.Doctor;
using Moldau.Host.Commands.Doctor.Facts;
using Xunit;

namespace Moldau.Unit.Host.Commands.Doctor;

/// <summary>Of the settings of a start, its folders and its listeners: what is complained of, and what is not.</summary>
public class StartRulesTests
{
    private const long GiB = 1024L * 1024 * 1024;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly FolderFacts Folder = new() { Path = "/data", Exists = true, User = "moldau", FileSystem = "xfs", TotalBytes = 100 * GiB, FreeBytes = 50 * GiB, Flush = TimeSpan.FromMilliseconds(1) };
    private static readonly ListenerFacts Listener = new() { Name = "PLAINTEXT", Protocol = "PLAINTEXT", Host = "127.0.0.1", Port = 9092, Now = Now };

    [Fact]
    public void A_fault_of_the_settings_is_told_each_and_nothing_is_judged_on_them()
    {
        var diagnosis = new Diagnosis();
        diagnosis.Look(CheckTables.Start, new StartFacts { Faults = ["one", "another"] });
        Assert.Equal([("settings.read", Severity.Fail, "one"), ("settings.read", Severity.Fail, "another")], diagnosis.Findings.Select(static found => (found.Code, found.Finding.Severity, found.Finding.Is)));
        Assert.True(diagnosis.IsFailed);
    }

    [Fact]
    public void Settings_that_risk_records_are_complained_of()
    {
        Assert.Equal([], Complaints(CheckTables.Start, new StartFacts()));
        var risky = new StartFacts { Values = new Dictionary<string, string> { ["moldau.durability"] = "page-cache", ["unclean.leader.election.enable"] = "true" } };
        Assert.Equal(["warn settings.durability", "warn settings.unclean-election"], Complaints(CheckTables.Start, risky));
    }

    [Fact]
    public void A_folder_as_it_should_be_is_complained_of_by_nobody() => Assert.Equal([], Complaints(CheckTables.Folder, Folder));

    [Fact]
    public void What_is_wrong_with_a_folder_is_complained_of()
    {
        Assert.Equal(["fail folder.access"], Complaints(CheckTables.Folder, Folder with { AccessProblem = "access denied" }));
        Assert.Equal(["fail folder.identity"], Complaints(CheckTables.Folder, Folder with { IdentityProblem = "node 2's" }));
        Assert.Equal(["fail folder.file-system"], Complaints(CheckTables.Folder, Folder with { MountOptions = ["rw", "nobarrier"] }));
        foreach (var kind in new[] { "tmpfs", "overlay", "nfs4", "fuse.sshfs" }) Assert.Equal(["warn folder.file-system"], Complaints(CheckTables.Folder, Folder with { FileSystem = kind }));
        Assert.Equal(["warn folder.space"], Complaints(CheckTables.Folder, Folder with { FreeBytes = 14 * GiB }));
        Assert.Equal(["fail folder.space"], Complaints(CheckTables.Folder, Folder with { FreeBytes = 4 * GiB }));
        Assert.Equal(["fail folder.space"], Complaints(CheckTables.Folder, Folder with { TotalBytes = GiB / 4, FreeBytes = GiB / 5 }));
        Assert.Equal(["warn folder.flush"], Complaints(CheckTables.Folder, Folder with { Flush = TimeSpan.FromMilliseconds(51) }));
        Assert.Equal(["warn folder.flush"], Complaints(CheckTables.Folder, Folder with { Flush = TimeSpan.FromMicroseconds(9) }));
    }

    [Fact]
    public void Memory_may_be_as_fast_as_it_is() =>
        Assert.Equal(["warn folder.file-system"], Complaints(CheckTables.Folder, Folder with { FileSystem = "tmpfs", Flush = TimeSpan.FromMicroseconds(3) }));

    [Fact]
    public void A_port_is_taken_by_the_broker_that_has_the_folder_or_by_somebody_else()
    {
        Assert.Equal([], Complaints(CheckTables.Listener, Listener));
        Assert.Equal([], Complaints(CheckTables.Listener, Listener with { IsPortTaken = true, IsBrokerRunning = true }));
        Assert.Equal(["fail listener.port"], Complaints(CheckTables.Listener, Listener with { IsPortTaken = true }));
    }

    [Fact]
    public void Whoever_reaches_a_listener_from_elsewhere_should_be_asked_and_on_a_private_line()
    {
        var open = Listener with { Host = "", IsPublic = true };
        Assert.Equal(["warn listener.public"], Complaints(CheckTables.Listener, open));
        Assert.Equal(["warn listener.public"], Complaints(CheckTables.Listener, open with { Protocol = "SSL" }));
        Assert.Equal([], Complaints(CheckTables.Listener, open with { Protocol = "SSL", AsksForCertificate = true }));
        Assert.Equal([], Complaints(CheckTables.Listener, open with { Protocol = "SASL_SSL" }));
        Assert.Equal(["warn listener.encrypted"], Complaints(CheckTables.Listener, open with { Protocol = "SASL_PLAINTEXT" }));
        Assert.Equal([], Complaints(CheckTables.Listener, Listener with { Protocol = "SASL_PLAINTEXT" }));
    }

    [Fact]
    public void Clients_are_told_a_name_that_they_can_find()
    {
        var open = Listener with { Protocol = "SASL_SSL", IsPublic = true, AdvertisedHost = "broker" };
        Assert.Equal([], Complaints(CheckTables.Listener, open));
        Assert.Equal(["warn listener.advertised"], Complaints(CheckTables.Listener, open with { AdvertisedProblem = "no such host" }));
        Assert.Equal(["warn listener.advertised"], Complaints(CheckTables.Listener, open with { IsAdvertisedLocal = true }));
        Assert.Equal([], Complaints(CheckTables.Listener, open with { IsPublic = false, IsAdvertisedLocal = true }));
    }

    [Theory]
    [InlineData(-10, 365, "")]
    [InlineData(-10, 29, "warn listener.certificate")]
    [InlineData(-10, 0, "fail listener.certificate")]
    [InlineData(1, 365, "fail listener.certificate")]
    public void A_certificate_holds_now_and_for_a_while(int from, int until, string expected)
    {
        var facts = Listener with { Certificate = new("/cert.pem", Now.AddDays(from), Now.AddDays(until), null) };
        Assert.Equal(expected, string.Join(", ", Complaints(CheckTables.Listener, facts)));
    }

    [Fact]
    public void A_certificate_that_cannot_be_read_is_complained_of() =>
        Assert.Equal(["fail listener.certificate"], Complaints(CheckTables.Listener, Listener with { Certificate = new("/cert.pem", default, default, "no") }));

    internal static string[] Complaints<TFacts>(IEnumerable<Check<TFacts>> checks, TFacts facts)
    {
        var diagnosis = new Diagnosis();
        diagnosis.Look(checks, facts);
        var found = diagnosis.Findings.Where(static found => found.Finding.Severity != Severity.Ok).ToList();
        Assert.All(found, static found => Assert.True(found.Finding.Should is not null && found.Finding.Mend is not null, found.Code));
        return [.. found.Select(static found => $"{found.Finding.Severity.ToString().ToLowerInvariant()} {found.Code}")];
    }
}

using System.Reflection;
using Moldau.Client;
using Moldau.Shared;
using Moldau.Testing;
using Xunit;

namespace Moldau.Unit.Repository.PublicApi;

/// <summary>
/// What users can see of the packages stands in <c>PublicApi.txt</c> beside each project, so that nothing is added, changed or taken away
/// unseen. <c>MOLDAU_REMAKE=1</c> writes it anew.
/// </summary>
public class PublicApiTests
{
    public static TheoryData<string> Rooms => ["Client", "Hosting", "Testing"];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_package_shows_what_its_file_says(string room)
    {
        var path = Path.Combine(RepositoryPaths.Root, "src", room, "PublicApi.txt");
        var expected = ApiListing.Of(AssemblyOf(room));
        if (Environment.GetEnvironmentVariable("MOLDAU_REMAKE") == "1") File.WriteAllText(path, expected);
        Assert.True(File.Exists(path), $"{path} is missing; MOLDAU_REMAKE=1 ./test --fast writes it");
        var written = File.ReadAllLines(path);
        var now = expected.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var (gone, added) = (written.Except(now).ToList(), now.Except(written).ToList());
        Assert.True(gone.Count + added.Count == 0, $"src/{room}/PublicApi.txt is stale; MOLDAU_REMAKE=1 ./test --fast writes it anew.\ngone:\n{string.Join('\n', gone)}\nnew:\n{string.Join('\n', added)}");
    }

    [Fact]
    public void The_listing_sees_what_users_see_and_nothing_else()
    {
        var listing = ApiListing.Of([typeof(Shown), typeof(Shown.Inner)]);
        Assert.Contains("Shown.Property { get; init; } : int?", listing, StringComparison.Ordinal);
        Assert.Contains("Shown.Method<T>(in string text, ref int count, params T[] more) : System.Threading.Tasks.ValueTask<System.Collections.Generic.List<T>>", listing, StringComparison.Ordinal);
        Assert.Contains("PublicApiTests.Shown.Derived() : void", listing, StringComparison.Ordinal);
        Assert.Contains("Shown.Maybe { get; } : string?", listing, StringComparison.Ordinal);
        Assert.Contains("Shown.Inner.One = 1", listing, StringComparison.Ordinal);
        Assert.DoesNotContain("Hidden", listing, StringComparison.Ordinal);
    }

    private static Assembly AssemblyOf(string room) => room switch
    {
        "Client" => typeof(KafkaClient).Assembly,
        "Hosting" => typeof(Moldau.Extensions.Hosting.KafkaBuilder).Assembly,
        "Testing" => typeof(EmbeddedBroker).Assembly,
        _ => throw new ArgumentOutOfRangeException(nameof(room), room, "no such room"),
    };

    private abstract class Shown
    {
        public enum Inner
        {
            One = 1,
        }

        public int? Property { get; init; }

        public string? Maybe => Property?.ToString(System.Globalization.CultureInfo.InvariantCulture);

        internal int Hidden => Property ?? 0;

        public static ValueTask<List<T>> Method<T>(in string text, ref int count, params T[] more) => new([.. more, .. text.Length > count ? more : []]);

        protected void Derived()
        {
        }
    }
}

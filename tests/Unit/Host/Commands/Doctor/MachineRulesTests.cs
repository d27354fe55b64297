using Moldau.Host.Commands.Doctor;
using Moldau.Host.Commands.Doctor.Facts;
using Xunit;

namespace Moldau.Unit.Host.Commands.Doctor;

public class MachineRulesTests
{
    private const long MiB = 1024 * 1024;

    [Fact]
    public void Nothing_is_said_of_what_is_not_known() =>
        Assert.Equal(["dotnet.settings"], Found(new MachineFacts()).Select(static found => found.Code));

    public static TheoryData<string, string, string> Cases => new()
    {
        { "files.limit", "Ok", "1048576" }, { "files.limit", "Warn", "65535" }, { "files.limit", "Fail", "4095" },
        { "memory.size", "Ok", "8192" }, { "memory.size", "Warn", "511" }, { "memory.size", "Fail", "127" },
        { "memory.swap", "Ok", "1" }, { "memory.swap", "Warn", "60" },
        { "memory.huge-pages", "Ok", "madvise" }, { "memory.huge-pages", "Warn", "always" },
        { "processor.limit", "Ok", "2" }, { "processor.limit", "Warn", "0.5" },
        { "clock.source", "Ok", "tsc" }, { "clock.source", "Warn", "hpet" },
        { "clock.synchronized", "Ok", "True" }, { "clock.synchronized", "Warn", "False" },
        { "dotnet.settings", "Warn", "DOTNET_gcServer=1" }, { "dotnet.settings", "Ok", "DOTNET_gcServer=0" }, { "dotnet.settings", "Ok", "DOTNET_ROOT=/usr" },
        { "dotnet.settings", "Warn", "DOTNET_GCHeapHardLimit=0xFFFFFFF" }, { "dotnet.settings", "Ok", "DOTNET_GCHeapHardLimit=10000000" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_has_its_bounds(string code, string expected, string value)
    {
        var facts = code switch
        {
            "files.limit" => new MachineFacts { OpenFileLimit = Number(value) },
            "memory.size" => new MachineFacts { MemoryBytes = 1024 * 1024 * MiB, MemoryLimitBytes = Number(value) * MiB },
            "memory.swap" => new MachineFacts { Swappiness = (int)Number(value), SwapBytes = MiB },
            "memory.huge-pages" => new MachineFacts { HugePages = value },
            "processor.limit" => new MachineFacts { ProcessorLimit = double.Parse(value, System.Globalization.CultureInfo.InvariantCulture) },
            "clock.source" => new MachineFacts { ClockSource = value },
            "clock.synchronized" => new MachineFacts { IsClockSynchronized = bool.Parse(value) },
            _ => new MachineFacts { RuntimeVariables = new Dictionary<string, string> { [value.Split('=')[0]] = value.Split('=')[1] } },
        };

        var found = Assert.Single(Found(facts), found => found.Code == code).Finding;

        Assert.Equal(expected, found.Severity.ToString());
        Assert.Equal(found.Severity != Severity.Ok, found.Should is not null && found.Mend is not null);
    }

    [Fact]
    public void Swappiness_is_nothing_without_swap() =>
        Assert.DoesNotContain(Found(new MachineFacts { Swappiness = 60, SwapBytes = 0 }), static found => found.Code == "memory.swap");

    private static IReadOnlyList<(string Code, Finding Finding)> Found(MachineFacts facts)
    {
        var diagnosis = new Diagnosis();
        diagnosis.Look(CheckTables.Machine, facts);
        return diagnosis.Findings;
    }

    private static long Number(string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

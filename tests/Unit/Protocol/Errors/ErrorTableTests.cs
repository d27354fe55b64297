using System.Text.RegularExpressions;
using Moldau.Protocol.Errors;
using Xunit;

namespace Moldau.Unit.Protocol.Errors;

public partial class ErrorTableTests
{
    private static readonly ErrorRow[] Rows = ErrorTable.All.ToArray();

    [Fact]
    public void Has_one_row_for_every_code_in_rising_order()
    {
        var codes = Enum.GetValues<ErrorCode>().Order();

        Assert.Equal(codes, Rows.Select(row => row.Code));
    }

    [Fact]
    public void Has_no_gaps_from_minus_one_on() =>
        Assert.Equal(Enumerable.Range(-1, Rows.Length), Rows.Select(row => (int)row.Code));

    [Fact]
    public void Names_each_code_as_the_enum_does_in_capitals() =>
        Assert.All(Rows, row => Assert.Equal(WordStart().Replace(row.Code.ToString(), "_$0").ToUpperInvariant(), row.Name));

    [Fact]
    public void Says_something_of_its_own_about_each_code()
    {
        Assert.All(Rows, row => Assert.Matches("^[A-Z].*[^.]\\.$", row.Message));
        Assert.Equal(Rows.Length, Rows.Select(row => row.Message).Distinct().Count());
    }

    [Fact]
    public void Finds_the_row_of_every_code()
    {
        Assert.All(Rows, row =>
        {
            Assert.True(ErrorTable.IsKnown(row.Code));
            Assert.Equal(row, ErrorTable.Get(row.Code));
            Assert.Equal(row, new ErrorRow(row.Code, row.Code.Name(), row.Code.IsRetriable(), row.Code.Message()));
        });
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(134)]
    [InlineData(short.MinValue)]
    [InlineData(short.MaxValue)]
    public void Describes_a_code_it_does_not_know_by_its_number(short number)
    {
        var code = (ErrorCode)number;

        Assert.False(ErrorTable.IsKnown(code));
        Assert.Equal($"UNKNOWN_CODE_{number}", code.Name());
        Assert.False(code.IsRetriable());
        Assert.Contains($"{number}", code.Message());
        Assert.Equal(code, ErrorTable.Get(code).Code);
    }

    [Fact]
    public void Allocates_nothing_to_look_a_code_up()
    {
        var unknown = (ErrorCode)short.MaxValue;
        _ = ErrorCode.NotCoordinator.Message().Length + (unknown.IsRetriable() ? 1 : 0);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = ErrorTable.Get(ErrorCode.NotCoordinator);
        var retriable = unknown.IsRetriable();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.True(found.IsRetriable);
        Assert.False(retriable);
    }

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();
}

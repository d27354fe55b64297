using System.Text.RegularExpressions;
using Moldau.Broker.Diagnostics;
using Xunit;

namespace Moldau.Unit.Broker.Diagnostics;

public partial class MetricTableTests
{
    [Fact]
    public void Names_are_unique_and_well_formed()
    {
        Assert.Equal(BrokerMetrics.All.Count, BrokerMetrics.All.Select(static row => row.PageName).Distinct().Count());
        Assert.All(BrokerMetrics.All, static row => Assert.Matches(Name(), row.Name));
        Assert.All(BrokerMetrics.All, static row => Assert.EndsWith(".", row.Help, StringComparison.Ordinal));
    }

    [Fact]
    public void An_MBean_has_one_row_and_no_reason_for_having_none()
    {
        string[] rows = [.. BrokerMetrics.All.SelectMany(static row => row.MBeans).Select(static bean => bean.Name)];

        Assert.Equal(rows.Length, rows.Distinct().Count());
        Assert.Empty(rows.Intersect(MBeansWithout.All.Select(static row => row.Name)));
    }

    [GeneratedRegex(@"^moldau(\.[a-z]+)+$")]
    private static partial Regex Name();
}

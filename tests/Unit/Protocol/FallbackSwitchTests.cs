using System.Runtime.Intrinsics.X86;
using Xunit;

namespace Moldau.Unit.Protocol;

/// <summary>The run that forces every fallback would prove nothing if the runtime stopped heeding its switch.</summary>
public class FallbackSwitchTests
{
    [Fact]
    public void The_runtime_heeds_the_switch_that_forces_fallbacks()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_EnableHWIntrinsic") != "0") return;

        Assert.False(Sse42.IsSupported);
        Assert.False(Avx2.IsSupported);
        Assert.False(Pclmulqdq.IsSupported);
    }
}

using Moldau.Protocol.Errors;

namespace Moldau.Broker.Settings.Changes;

/// <summary>Why a change is not possible.</summary>
internal sealed record SettingRefusal(ErrorCode Error, string Message)
{
    public static SettingRefusal Config(string message) => new(ErrorCode.InvalidConfig, message);

    public static SettingRefusal Request(string message) => new(ErrorCode.InvalidRequest, message);
}

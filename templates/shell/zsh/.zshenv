# How a zsh of `netform shell` begins: as the user's own does, wherever that has its files.
_netform=$ZDOTDIR
ZDOTDIR=${NETFORM_ZDOTDIR:-$HOME}
[[ -r $ZDOTDIR/.zshenv ]] && . $ZDOTDIR/.zshenv
NETFORM_ZDOTDIR=$ZDOTDIR
ZDOTDIR=$_netform
